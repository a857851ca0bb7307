# Reads and never answers.
cat > /dev/null
sleep 600
