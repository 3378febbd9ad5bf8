: Fast sodium current after Traub and Miles (1991), with the rates that benchmark 3 of Brette et al. (2007) states.
NEURON {
  SUFFIX natm
  USEION na READ ena WRITE ina
  RANGE gmax, shift
  THREADSAFE
}

UNITS {
  (mV) = (millivolt)
  (mA) = (milliamp)
  (S) = (siemens)
}

PARAMETER {
  gmax = 0.1 (S/cm2)
  shift = -63 (mV)
}

ASSIGNED {
  v (mV)
  ena (mV)
  ina (mA/cm2)
}

STATE { m h }

BREAKPOINT {
  SOLVE gates METHOD cnexp
  ina = gmax*m*m*m*h*(v - ena)
}

INITIAL {
  LOCAL a, b
  a = m_opens(v - shift)
  b = m_closes(v - shift)
  m = a/(a + b)
  a = h_opens(v - shift)
  b = h_closes(v - shift)
  h = a/(a + b)
}

DERIVATIVE gates {
  LOCAL w
  w = v - shift
  m' = m_opens(w)*(1 - m) - m_closes(w)*m
  h' = h_opens(w)*(1 - h) - h_closes(w)*h
}

FUNCTION m_opens(w) { m_opens = 0.32*ratio(13 - w, 4) }
FUNCTION m_closes(w) { m_closes = 0.28*ratio(w - 40, 5) }
FUNCTION h_opens(w) { h_opens = 0.128*exp((17 - w)/18) }
FUNCTION h_closes(w) { h_closes = 4/(1 + exp((40 - w)/5)) }

: x/(exp(x/y) - 1), which is y at 0
FUNCTION ratio(x, y) {
  if (fabs(x/y) < 1e-6) {
    ratio = y - x/2
  } else {
    ratio = x/(exp(x/y) - 1)
  }
}
