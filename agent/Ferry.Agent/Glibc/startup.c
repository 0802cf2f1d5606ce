/* Since glibc 2.34 the C library runs the constructors of a program, and crt1.o names none to it. Older ones run only what crt1.o names; so here they are named.
   Linked with --wrap=__libc_start_main (OldGlibc.targets). */
#include <stddef.h>

typedef int entry(int, char **, char **);
typedef void function(void);

extern entry *__init_array_start[];
extern entry *__init_array_end[];

int __real___libc_start_main(entry *program, int argc, char **argv, entry *init, function *fini, function *rtld_fini, void *stack_end);

static int run_constructors(int argc, char **argv, char **environment) {
    for (entry **constructor = __init_array_start; constructor < __init_array_end; constructor++)
        (*constructor)(argc, argv, environment);
    return 0;
}

int __wrap___libc_start_main(entry *program, int argc, char **argv, entry *init, function *fini, function *rtld_fini, void *stack_end) {
    return __real___libc_start_main(program, argc, argv, init != NULL ? init : run_constructors, fini, rtld_fini, stack_end);
}
