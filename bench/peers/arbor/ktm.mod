: Delayed-rectifier potassium current after Traub and Miles (1991), with the rates of benchmark 3 of Brette et al. (2007).
NEURON {
  SUFFIX ktm
  USEION k READ ek WRITE ik
  RANGE gmax, shift
}

PARAMETER {
  gmax = 0.03
  shift = -63
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
  LOCAL a, b
  a = n_opens(v - shift)
  b = n_closes(v - shift)
  n' = a - (a + b)*n
}

: exprelr(x) is x/(exp(x) - 1)
FUNCTION n_opens(w) { n_opens = 0.032*5*exprelr((15 - w)/5) }
FUNCTION n_closes(w) { n_closes = 0.5*exp((10 - w)/40) }
