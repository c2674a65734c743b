package drift

func roseOrFell(up bool) string {
	if up {
		return "rose"
	}
	return "fell"
}
