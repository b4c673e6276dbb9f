package main

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"crier/internal/simulator"

	"github.com/google/go-cmp/cmp"
)

// check compares what is reported of a survey with what people counted.
func (v *surveyed) check(when string) simulator.SurveyCount {
	v.Helper()
	count := v.onTheWay(v.tenant.Surveyed(v.name, v.onlyFinished))
	for i, trouble := range count.Troubles {
		if i < 8 {
			v.Errorf("%s, %s: %s", v.name, when, trouble)
		}
	}
	r := v.call(http.StatusOK, "GET", "/campaigns/"+v.id+"/survey", nil)
	if got := [2]int{int(r["responses"].(float64)), int(r["completed"].(float64))}; got != [2]int{len(count.Responses), count.Completed} {
		v.Errorf("%s, %s: %v responses and completed, want %d and %d", v.name, when, got, len(count.Responses), count.Completed)
	}
	// What was answered before its message was recorded as sent is marked up to a second later.
	v.eventually(fmt.Sprintf("%s, %s: %d answered in the report", v.name, when, len(count.Responses)), func() bool {
		return int(v.report(v.id)["answered"].(float64)) == len(count.Responses)
	})
	if closed := r["closed"].(bool); closed != (when == "closed") {
		v.Errorf("%s, %s: closed is %v", v.name, when, closed)
	}
	v.checkShown(when, r, count)
	v.checkResponses(when, count)
	return count
}

// onTheWay leaves out what people answered on a way that they left by going back.
func (v *surveyed) onTheWay(count simulator.SurveyCount) simulator.SurveyCount {
	v.Helper()
	count.Counts, count.Answers = map[string]map[string]int{}, map[string]int{}
	for _, r := range count.Responses {
		given := map[string][]string{} // by the question's id
		for label, said := range r.Answers {
			id, kind := v.question(label)
			for _, words := range said {
				given[id] = append(given[id], plainAnswer(kind, words))
			}
		}
		way := v.way(given)
		for label, said := range r.Answers {
			if id, _ := v.question(label); !way[id] {
				delete(r.Answers, label)
				continue
			}
			count.Answers[label]++
			for _, words := range said {
				if count.Counts[label] == nil {
					count.Counts[label] = map[string]int{}
				}
				count.Counts[label][words]++
			}
		}
	}
	return count
}

// way are the questions from the first to the end by these answers.
func (v *surveyed) way(given map[string][]string) map[string]bool {
	way := map[string]bool{}
	next := v.questions[0]["id"].(string)
	for i, q := range v.questions {
		if q["id"] != next {
			continue
		}
		way[next], next = true, "end"
		if i+1 < len(v.questions) {
			next = v.questions[i+1]["id"].(string)
		}
		if leads, ok := q["goto"].(map[string]string); ok && len(given[q["id"].(string)]) > 0 && leads[given[q["id"].(string)][0]] != "" {
			next = leads[given[q["id"].(string)][0]]
		}
	}
	return way
}

// checkShown compares the answers to each question. Of an anonymous survey they stay as they were
// shown before, until five more have responded, and five more have answered the question.
func (v *surveyed) checkShown(when string, r map[string]any, count simulator.SurveyCount) {
	v.Helper()
	n, shown := len(count.Responses), int(r["shown"].(float64))
	if !v.onlyFinished || n-v.shown >= 5 {
		v.shown = n
	}
	if shown != v.shown || r["withheld"].(bool) != (v.onlyFinished && shown < 5) {
		v.Errorf("%s, %s: %d of %d responses are shown, want %d", v.name, when, shown, n, v.shown)
	}
	if shown != n {
		return
	}
	want, got := v.counted(count), map[string]asked{}
	for _, item := range r["questions"].([]any) {
		q := item.(map[string]any)
		one := asked{Answers: int(q["answers"].(float64)), Counts: map[string]int{}}
		if q["options"] != nil {
			for _, o := range q["options"].([]any) {
				if n := int(o.(map[string]any)["count"].(float64)); n > 0 {
					one.Counts[o.(map[string]any)["text"].(string)] = n
				}
			}
		}
		id := q["id"].(string)
		if late := want[id].Answers - one.Answers; v.onlyFinished && late > 0 && late < 5 {
			delete(want, id)
			continue
		}
		if q["type"] == "number" || q["type"] == "text" || q["type"] == "date" {
			v.checkListed(when, q, want[id].Counts)
			one.Counts = want[id].Counts // it has no options
		}
		if one.Answers > 0 {
			got[id] = one
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		v.Errorf("%s, %s: (-what they answered +what is reported):\n%s", v.name, when, diff)
	}
}

// checkListed compares what is told of answers that are not counted one by one.
func (v *surveyed) checkListed(when string, q map[string]any, counts map[string]int) {
	v.Helper()
	if q["type"] != "number" {
		latest, _ := q["latest"].([]any)
		for _, text := range latest {
			if counts[text.(string)] == 0 {
				v.Errorf("%s, %s: nobody answered %q", v.name, when, text)
			}
		}
		if n := len(counts); len(latest) < min(n, 10) && v.shown >= 10 {
			v.Errorf("%s, %s: %d answers are listed of %d", v.name, when, len(latest), n)
		}
		return
	}
	sum, n, least, greatest := 0.0, 0, 0.0, 0.0
	for text, times := range counts {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			v.Fatal(err)
		}
		if n == 0 {
			least, greatest = x, x
		}
		sum, n, least, greatest = sum+x*float64(times), n+times, min(least, x), max(greatest, x)
	}
	if n > 0 && (math.Abs(sum/float64(n)-q["average"].(float64)) > 0.001 || q["minimum"] != least || q["maximum"] != greatest) {
		v.Errorf("%s, %s: %v, want from %v to %v, %v on average", v.name, when, q, least, greatest, sum/float64(n))
	}
}

// asked is what was answered to a question.
type asked struct {
	Answers int
	Counts  map[string]int
}

// counted is the people's count in the words of the API.
func (v *surveyed) counted(count simulator.SurveyCount) map[string]asked {
	v.Helper()
	out := map[string]asked{}
	for label, n := range count.Answers {
		id, kind := v.question(label)
		one := asked{n, map[string]int{}}
		for answer, times := range count.Counts[label] {
			one.Counts[plainAnswer(kind, answer)] += times
		}
		if was, two := out[id]; two { // asked in two languages
			for answer, times := range was.Counts {
				one.Counts[answer] += times
			}
			one.Answers += was.Answers
		}
		out[id] = one
	}
	return out
}

// question is what a label on a card asks.
func (v *surveyed) question(label string) (id, kind string) {
	for _, q := range v.questions {
		if strings.Contains(label, q["text"].(string)) {
			return q["id"].(string), q["type"].(string)
		}
	}
	v.Fatalf("%s: no question is called %q", v.name, label)
	return "", ""
}

var wholeNumber = regexp.MustCompile(`\d+`)

// plainAnswer is an answer in the words of the API, whatever language it was given in.
func plainAnswer(kind, words string) string {
	switch kind {
	case "rating", "nps":
		return wholeNumber.FindString(words)
	case "yes_no":
		return map[string]string{"Yes": "yes", "Oui": "yes", "yes": "yes", "No": "no", "Non": "no", "no": "no"}[words]
	}
	return words
}

// checkResponses compares what each person answered: by address where they are told, else only
// the answers, whosever they are.
func (v *surveyed) checkResponses(when string, count simulator.SurveyCount) {
	v.Helper()
	if v.onlyFinished {
		v.call(http.StatusForbidden, "GET", "/campaigns/"+v.id+"/responses", nil)
		return
	}
	var want, got []string
	trails := map[string][]string{}
	for i, r := range count.Responses {
		answers := map[string][]string{}
		for label, said := range r.Answers {
			id, kind := v.question(label)
			for _, words := range said {
				answers[id] = append(answers[id], plainAnswer(kind, words))
			}
		}
		who := ""
		if v.privacy == "identified" {
			who = v.tenant.Person(i).Name
		}
		line := v.line(who, r.Finished && v.privacy == "identified", answers)
		want, trails[line] = append(want, line), append([]string{fmt.Sprint("person ", i)}, count.Trails[i]...)
	}
	cursor := ""
	for {
		page := v.call(http.StatusOK, "GET", "/campaigns/"+v.id+"/responses?limit=200&cursor="+cursor, nil)
		for _, item := range page["items"].([]any) {
			got = append(got, v.responded(item.(map[string]any)))
		}
		if cursor, _ = page["next_cursor"].(string); cursor == "" {
			break
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	missing, extra := without(want, got), without(got, want)
	for i := range min(5, len(missing)) {
		v.Errorf("%s, %s: missing: %s\n%s", v.name, when, missing[i], strings.Join(trails[missing[i]], "\n"))
	}
	if len(extra) > 0 {
		v.Errorf("%s, %s: nobody answered so: %d: %q", v.name, when, len(extra), extra[:min(5, len(extra))])
		for i, trail := range count.Trails {
			if name, _, _ := strings.Cut(extra[0], " finished="); v.privacy == "identified" && v.tenant.Person(i).Name == name {
				v.Logf("person %d, %s:\n%s", i, name, strings.Join(trail, "\n"))
			}
		}
	}
}

// without is one list without another, each line as often as it is there.
func without(list, other []string) []string {
	n := map[string]int{}
	for _, line := range other {
		n[line]++
	}
	return slices.DeleteFunc(slices.Clone(list), func(line string) bool {
		n[line]--
		return n[line] >= 0
	})
}

// responded is a response of the API as a line.
func (v *surveyed) responded(r map[string]any) string {
	v.Helper()
	who := ""
	if person, told := r["respondent"].(map[string]any); told {
		who = person["name"].(string)
	}
	answers := map[string][]string{}
	for _, item := range r["answers"].([]any) {
		a := item.(map[string]any)
		id := a["question_id"].(string)
		switch value := a["value"].(type) {
		case []any:
			for _, one := range value {
				answers[id] = append(answers[id], one.(string))
			}
		case bool:
			answers[id] = []string{map[bool]string{true: "yes", false: "no"}[value]}
		case float64:
			answers[id] = []string{strconv.FormatFloat(value, 'f', -1, 64)}
		default:
			answers[id] = []string{value.(string)}
		}
	}
	return v.line(who, r["finished_at"] != nil, answers)
}

// line is a response as a line, its answers in the order of the questions.
func (v *surveyed) line(who string, finished bool, answers map[string][]string) string {
	line := fmt.Sprintf("%s finished=%v", who, finished)
	for _, q := range v.questions {
		if said := answers[q["id"].(string)]; len(said) > 0 {
			line += fmt.Sprintf(" %s=%q", q["id"], said)
		}
	}
	return line
}
