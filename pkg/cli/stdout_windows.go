package cli

import "os"

// wasClosed: a write to a closed stream fails by itself here.
func wasClosed(*os.File) bool { return false }
