#!/bin/sh
# Makes stubs of the C library for the linker, with the symbol versions of an older release only: make-stubs.sh FOLDER VERSION
# glibc keeps the old versions of its symbols for ever, but a linker takes the newest. A stub has no code, only the names and versions of this machine's library up to VERSION; a program
# that is linked against it asks for nothing newer, and one that needs something newer does not link.
set -eu
folder=$1 limit=$2
compiler=${CC:-gcc}
mkdir -p "$folder"

stub() { # NAME (libc): the stub NAME.so.6 of this machine's NAME.so.6
    real=$($compiler -print-file-name="$1.so.6")
    readelf --wide --dyn-syms "$real" | awk -v limit="$limit" -v source="$folder/$1.s" -v map="$folder/$1.map" '
        function number(version, parts) {
            sub(/^GLIBC_/, "", version)
            split(version, parts, ".")
            return parts[1] * 1000000 + parts[2] * 1000 + parts[3]
        }
        $7 != "UND" && ($5 == "GLOBAL" || $5 == "WEAK") && $8 ~ /@GLIBC_[0-9.]+$/ {
            split($8, name, "@+")
            if (number(name[2]) > number(limit) || number(name[2]) < number(best[name[1]])) next
            best[name[1]] = name[2]; type[name[1]] = $4; size[name[1]] = $3; weak[name[1]] = $5
        }
        END {
            for (symbol in best) {
                version = best[symbol]
                if (type[symbol] == "OBJECT") {
                    printf ".data\n.balign 32\n.type %s,@object\n.size %s,%s\n", symbol, symbol, size[symbol] > source
                    room = ".skip " size[symbol]
                } else if (type[symbol] == "TLS") {
                    printf ".section .tbss,\"awT\",@nobits\n.type %s,@tls_object\n.size %s,%s\n", symbol, symbol, size[symbol] > source
                    room = ".skip " size[symbol]
                } else {
                    printf ".text\n.type %s,@function\n", symbol > source
                    room = "nop"
                }
                printf "%s %s\n%s: %s\n", weak[symbol] == "WEAK" ? ".weak" : ".globl", symbol, symbol, room > source
                members[version] = members[version] " " symbol ";"
            }
            print ".section .note.GNU-stack,\"\",@progbits" > source
            for (version in members) printf "%s { global:%s };\n", version, members[version] > map
        }'
    $compiler -shared -nostdlib -o "$folder/$1.so.6" "$folder/$1.s" -Wl,-soname,"$1.so.6" -Wl,--version-script,"$folder/$1.map"
}

stub libc
stub libm

# What a compiler asks for by -lc and -lm. The rest of libc is linked statically, as always.
echo "GROUP ( $folder/libc.so.6 $($compiler -print-file-name=libc_nonshared.a) AS_NEEDED ( $($compiler -print-file-name=ld-linux-x86-64.so.2) ) )" >"$folder/libc.so"
echo "GROUP ( $folder/libm.so.6 )" >"$folder/libm.so"

# Before 2.34 these were libraries of their own, that the program has to name; since then they are empty, and there.
for library in libpthread.so.0 libdl.so.2 librt.so.1; do
    $compiler -shared -nostdlib -o "$folder/$library" -Wl,-soname,"$library" -x c /dev/null
done
