package drift

func verb(up bool) string {
	if up {
		return "rose"
	}
	return "fell"
}
