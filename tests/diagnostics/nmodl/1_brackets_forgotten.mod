: The driving force lost its brackets: a current minus a voltage.
NEURON {
  SUFFIX kl
  USEION k READ ek WRITE ik
  NONSPECIFIC_CURRENT il
  RANGE gk, gl, el
}

UNITS {
  (mA) = (milliamp)
  (mV) = (millivolt)
  (mS) = (millisiemens)
  (S) = (siemens)
}

PARAMETER {
  gk = 0.036 (S/cm2)
  gl = 5e-5 (S/cm2)
  el = -60 (mV)
}

ASSIGNED {
  v (mV)
  ek (mV)
  ik (mA/cm2)
  il (mA/cm2)
  alpha (/ms)
  beta (/ms)
  ninf (1)
  ntau (ms)
}

STATE { n }

BREAKPOINT {
  SOLVE states METHOD cnexp
  ik = gk*n^4*v - ek
  il = gl*(v - el)
}

INITIAL {
  rates(v)
  n = ninf
}

DERIVATIVE states {
  rates(v)
  n' = (ninf - n)/ntau
}

PROCEDURE rates(v (mV)) {
  alpha = 0.01 (/ms/mV)*(v + 55 (mV))/(1 - exp(-(v + 55 (mV))/10 (mV)))
  beta = 0.125 (/ms)*exp(-(v + 65 (mV))/80 (mV))
  ninf = alpha/(alpha + beta)
  ntau = 1/(alpha + beta)
}
