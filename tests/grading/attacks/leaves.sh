# Ends well and says nothing.
exit 0
