# Leaves files wherever it may.
for place in /tmp /var/tmp /dev/shm /run /run/lock /dev/mqueue "$HOME" / /etc; do
    echo 1 > "$place/actfn-attack-left"
    mkdir "$place/actfn-attack-folder"
    ln -s / "$place/actfn-attack-link"
done 2> /dev/null
echo 0.75
