// plugins/analyses/perturbation/perturbation.cpp
