# A conductance where a conductance density is due.
from brian2 import *

C = 1*ufarad/cm**2
gK, EK = 36*msiemens, -77*mV
gL, EL = 5e-5*siemens/cm**2, -60*mV

cell = NeuronGroup(1, '''
dv/dt = -(IK + IL)/C : volt
dn/dt = (n_inf - n)/tau_n : 1
alpha = 0.01/ms/mV*(v + 55*mV)/(1 - exp(-(v + 55*mV)/(10*mV))) : Hz
beta = 0.125/ms*exp(-(v + 65*mV)/(80*mV)) : Hz
n_inf = alpha/(alpha + beta) : 1
tau_n = 1/(alpha + beta) : second
IK = gK*n**4*(v - EK) : amp/meter**2
IL = gL*(v - EL) : amp/meter**2
''', threshold='v > -20*mV', refractory='v > -20*mV', method='exponential_euler')
cell.v = -65*mV
cell.n = 0.3
run(1*ms)
