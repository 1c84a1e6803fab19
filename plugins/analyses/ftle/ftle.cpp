// plugins/analyses/ftle/ftle.cpp
