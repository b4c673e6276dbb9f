package web

import (
	"math"
	"strconv"
	"strings"
	"time"

	"crier/cards"
	"crier/internal/domain"
	"crier/internal/i18n"
)

// briefly is a duration in its two greatest units.
func briefly(tr i18n.Translator, d time.Duration) string {
	seconds := int64(math.Round(d.Seconds()))
	switch {
	case seconds < 60:
		return tr.Text("%d s", seconds)
	case seconds < 3600:
		return tr.Text("%d min %d s", seconds/60, seconds%60)
	case seconds < 48*3600:
		return tr.Text("%d h %d min", seconds/3600, seconds/60%60)
	}
	return tr.Text("%d d %d h", seconds/(24*3600), seconds/3600%24)
}

// decimalText is a number with at most so many digits behind the point.
func decimalText(language string, n float64, digits int) string {
	scale := math.Pow10(digits)
	if rounded := math.Round(n*scale) / scale; !math.IsInf(rounded, 0) && !math.IsNaN(rounded) {
		n = rounded
	}
	text := strconv.FormatFloat(n+0, 'f', -1, 64) // never -0, which would be written so
	if language == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return strings.Replace(text, "-", "−", 1)
}

// shareTexts are the shares of a question's options. Nobody and hardly anybody differ, and so do
// all and nearly all.
func shareTexts(language string, q domain.QuestionReport) []string {
	texts := make([]string, len(q.Options))
	for i, percent := range q.Percents() {
		switch n := q.Options[i].Count; {
		case n > 0 && percent == 0:
			texts[i] = "< " + percentText(language, 1)
		case n < q.Answers && percent == 100:
			texts[i] = "> " + percentText(language, 99)
		default:
			texts[i] = percentText(language, percent)
		}
	}
	return texts
}

// scoreText is a Net Promoter Score, always with its sign.
func scoreText(language string, score *float64) string {
	if score == nil {
		return "–"
	}
	text := decimalText(language, *score, 0)
	if *score > 0 && text != "0" {
		return "+" + text
	}
	return text
}

// valueText is an answer to a question as people read it; a dash for none.
func valueText(tr i18n.Translator, q domain.Question, v domain.Value) string {
	if n, ok := v.Number(); ok {
		return decimalText(tr.Language(), n, 12)
	}
	if yes, ok := v.Yes(); ok {
		if yes {
			return tr.Text("Yes")
		}
		return tr.Text("No")
	}
	if v.IsZero() {
		return "–"
	}
	chosen := append(v.List(), single(v)...)
	if q.Type == domain.Choice || q.Type == domain.Choices {
		for i := range chosen {
			chosen[i] = cards.Label(chosen[i])
		}
	}
	return strings.Join(chosen, "; ")
}

func single(v domain.Value) []string {
	if text := v.Text(); text != "" {
		return []string{text}
	}
	return nil
}
