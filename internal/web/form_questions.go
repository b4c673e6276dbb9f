package web

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"crier/internal/domain"
)

// A survey's questions in a form are blocks of values: the fields of one question, by what
// stands in their names after "content.questions[2].".

func questionField(i int, part string) string {
	return fmt.Sprintf("content.questions[%d].%s", i, part)
}

var (
	blockField = regexp.MustCompile(`^content\.questions\[(\d{1,3})\]\.(.+)$`)
	optionPart = regexp.MustCompile(`^options\[(\d{1,3})\](\.goto)?$`)
)

// blocksOf are the blocks of a form, in their order.
func blocksOf(v url.Values) []url.Values {
	byNumber := map[int]url.Values{}
	for field, values := range v {
		if parts := blockField.FindStringSubmatch(field); parts != nil {
			i, _ := strconv.Atoi(parts[1])
			if byNumber[i] == nil {
				byNumber[i] = url.Values{}
			}
			byNumber[i][parts[2]] = values
		}
	}
	var blocks []url.Values
	for _, i := range slices.Sorted(maps.Keys(byNumber)) {
		blocks = append(blocks, byNumber[i])
	}
	return blocks
}

// putBlocks makes these the blocks of a form.
func putBlocks(v url.Values, blocks []url.Values) {
	maps.DeleteFunc(v, func(field string, _ []string) bool { return blockField.MatchString(field) })
	for i, b := range blocks {
		for part, values := range b {
			v[questionField(i, part)] = values
		}
	}
}

// optionRow is an option and where it leads.
type optionRow struct{ Text, Goto string }

func optionName(j int) string { return fmt.Sprintf("options[%d]", j) }

// optionsOf are the options of a block, in their order.
func optionsOf(b url.Values) []optionRow {
	byNumber := map[int]optionRow{}
	for part := range b {
		if name := optionPart.FindStringSubmatch(part); name != nil {
			j, _ := strconv.Atoi(name[1])
			byNumber[j] = optionRow{b.Get(optionName(j)), b.Get(optionName(j) + ".goto")}
		}
	}
	var rows []optionRow
	for _, j := range slices.Sorted(maps.Keys(byNumber)) {
		rows = append(rows, byNumber[j])
	}
	return rows
}

// putOptions makes these the options of a block.
func putOptions(b url.Values, rows []optionRow) {
	maps.DeleteFunc(b, func(part string, _ []string) bool { return optionPart.MatchString(part) })
	for j, row := range rows {
		b.Set(optionName(j), row.Text)
		setText(b, optionName(j)+".goto", row.Goto)
	}
}

// rearrange does to a form's questions what a button of theirs says, for example "up:2" or
// "remove-option:2:0", and names the field to go on in. What it does not understand changes
// nothing.
func rearrange(v url.Values, do string) (next string) {
	what, at, _ := strings.Cut(do, ":")
	first, second, _ := strings.Cut(at, ":")
	i, _ := strconv.Atoi(first)
	j, _ := strconv.Atoi(second)
	blocks := nameBlocks(blocksOf(v))
	switch {
	case what == "add-question":
		blocks = append(blocks, url.Values{"type": {string(domain.Choice)}})
		next = questionField(len(blocks)-1, "text")
	case i < 0 || i >= len(blocks):
	case what == "up" && i > 0:
		blocks[i-1], blocks[i] = blocks[i], blocks[i-1]
		next = moved(i-1, "up", len(blocks))
	case what == "down" && i+1 < len(blocks):
		blocks[i], blocks[i+1] = blocks[i+1], blocks[i]
		next = moved(i+1, "down", len(blocks))
	case what == "copy":
		twin := maps.Clone(blocks[i])
		twin.Del("id")
		blocks = slices.Insert(blocks, i+1, twin)
		next = questionField(i+1, "text")
	case what == "remove":
		blocks = withoutBlock(blocks, i)
		next = questionField(min(i, len(blocks)-1), "text")
	case what == "type":
		next = questionField(i, "type")
	case what == "add-option":
		rows := append(withTwo(optionsOf(blocks[i])), optionRow{})
		putOptions(blocks[i], rows)
		next = questionField(i, optionName(len(rows)-1))
	case what == "remove-option":
		rows := optionsOf(blocks[i])
		if j >= 0 && j < len(rows) {
			putOptions(blocks[i], slices.Delete(rows, j, j+1))
		}
		next = questionField(i, optionName(max(0, j-1)))
	}
	putBlocks(v, nameBlocks(blocks))
	return next
}

// moved is the button to press again for a question that is the i-th now; at an end, the one
// that leads back.
func moved(i int, way string, of int) string {
	switch i {
	case 0:
		way = "down"
	case of - 1:
		way = "up"
	}
	return questionField(i, way)
}

// withTwo are an option's rows, at least two.
func withTwo(rows []optionRow) []optionRow {
	for len(rows) < 2 {
		rows = append(rows, optionRow{})
	}
	return rows
}

// nameBlocks gives each question an id, by which answers can lead to it, and there is one
// question at least.
func nameBlocks(blocks []url.Values) []url.Values {
	if len(blocks) == 0 {
		blocks = []url.Values{{"type": {string(domain.Choice)}}}
	}
	used := map[string]bool{}
	for _, b := range blocks {
		used[b.Get("id")] = true
	}
	for n, rest := 1, blocks; len(rest) > 0; {
		id := "q" + strconv.Itoa(n)
		switch {
		case rest[0].Get("id") != "":
			rest = rest[1:]
		case used[id]:
			n++
		default:
			rest[0].Set("id", id)
			used[id] = true
		}
	}
	return blocks
}

// withoutBlock takes a question out, and the ways to it.
func withoutBlock(blocks []url.Values, i int) []url.Values {
	gone := blocks[i].Get("id")
	blocks = slices.Delete(blocks, i, i+1)
	for _, b := range blocks {
		maps.DeleteFunc(b, func(part string, values []string) bool {
			return strings.Contains(part, "goto") && slices.Equal(values, []string{gone})
		})
	}
	return blocks
}

// keepTyped adds to the questions of a form what was typed and could not be read, or belongs
// to another type: nothing is lost when it is shown again. Options that were read are numbered
// as their faults are; each leads where its own row says, also when two have the same words.
func keepTyped(v, typed url.Values) {
	blocks, before := blocksOf(v), blocksOf(typed)
	for i := range min(len(blocks), len(before)) {
		read := hasOptions(domain.QuestionType(blocks[i].Get("type")))
		for part, values := range before[i] {
			if _, known := blocks[i][part]; !known && !(read && optionPart.MatchString(part)) {
				blocks[i][part] = values
			}
		}
		if read {
			empty := func(row optionRow) bool { return strings.TrimSpace(row.Text) == "" }
			putOptions(blocks[i], slices.DeleteFunc(optionsOf(before[i]), empty))
		}
	}
	putBlocks(v, blocks)
}
