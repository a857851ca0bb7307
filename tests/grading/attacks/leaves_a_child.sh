# Leaves a child that holds the output open, and no answer.
setsid sleep 600 &
