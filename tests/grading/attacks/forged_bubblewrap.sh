# speaks as bubblewrap does that cannot start it, in no UTF-8
printf 'bwrap: \377: x: \n::error::hacked\033[31m\377\n' >&2
exit 1
