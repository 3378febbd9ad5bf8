: Delayed-rectifier potassium current after Traub and Miles (1991), with the rates of benchmark 3 of Brette et al. (2007).
NEURON {
  SUFFIX ktm
  USEION k READ ek WRITE ik
  RANGE gmax, shift
  THREADSAFE
}

UNITS {
  (mV) = (millivolt)
  (mA) = (milliamp)
  (S) = (siemens)
}

PARAMETER {
  gmax = 0.03 (S/cm2)
  shift = -63 (mV)
}

ASSIGNED {
  v (mV)
  ek (mV)
  ik (mA/cm2)
}

STATE { n }

BREAKPOINT {
  SOLVE gates METHOD cnexp
  ik = gmax*n*n*n*n*(v - ek)
}

INITIAL {
  LOCAL a, b
  a = n_opens(v - shift)
  b = n_closes(v - shift)
  n = a/(a + b)
}

DERIVATIVE gates {
  n' = n_opens(v - shift)*(1 - n) - n_closes(v - shift)*n
}

FUNCTION n_opens(w) { n_opens = 0.032*ratio(15 - w, 5) }
FUNCTION n_closes(w) { n_closes = 0.5*exp((10 - w)/40) }

: x/(exp(x/y) - 1), which is y at 0
FUNCTION ratio(x, y) {
  if (fabs(x/y) < 1e-6) {
    ratio = y - x/2
  } else {
    ratio = x/(exp(x/y) - 1)
  }
}
