#include "cli/command.h"

int main(int argc, char** argv) { return eic::cli::main(argc, argv); }
