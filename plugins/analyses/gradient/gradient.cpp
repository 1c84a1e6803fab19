// plugins/analyses/gradient/gradient.cpp
