: Fast sodium current after Traub and Miles (1991), with the rates that benchmark 3 of Brette et al. (2007) states.
NEURON {
  SUFFIX natm
  USEION na READ ena WRITE ina
  RANGE gmax, shift
}

PARAMETER {
  gmax = 0.1
  shift = -63
}

STATE { m h }

BREAKPOINT {
  SOLVE gates METHOD cnexp
  ina = gmax*m*m*m*h*(v - ena)
}

INITIAL {
  LOCAL w, ma, mb, ha, hb
  w = v - shift
  ma = m_opens(w)
  mb = m_closes(w)
  ha = h_opens(w)
  hb = h_closes(w)
  m = ma/(ma + mb)
  h = ha/(ha + hb)
}

DERIVATIVE gates {
  LOCAL w, ma, mb, ha, hb
  w = v - shift
  ma = m_opens(w)
  mb = m_closes(w)
  ha = h_opens(w)
  hb = h_closes(w)
  m' = ma - (ma + mb)*m
  h' = ha - (ha + hb)*h
}

: exprelr(x) is x/(exp(x) - 1)
FUNCTION m_opens(w) { m_opens = 0.32*4*exprelr((13 - w)/4) }
FUNCTION m_closes(w) { m_closes = 0.28*5*exprelr((w - 40)/5) }
FUNCTION h_opens(w) { h_opens = 0.128*exp((17 - w)/18) }
FUNCTION h_closes(w) { h_closes = 4/(1 + exp((40 - w)/5)) }
