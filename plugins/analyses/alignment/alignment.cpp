// plugins/analyses/alignment/alignment.cpp
