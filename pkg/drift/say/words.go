package say

func roseOrFell(up bool) string {
	if up {
		return "rose"
	}
	return "fell"
}
