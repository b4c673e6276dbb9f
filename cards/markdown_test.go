package cards

import (
	"testing"

	"crier/internal/domain"
)

// TestMarkdownArrivesAsWritten holds what becomes of Markdown in each place.
func TestMarkdownArrivesAsWritten(t *testing.T) {
	t.Parallel()
	const same = "\x00"
	for _, test := range []struct{ written, card, message, plain string }{
		{"**bold** and _thin_ and *thin*", "**bold** and _thin_ and _thin_", "**bold** and _thin_ and _thin_", "bold and thin and thin"},
		{"***both*** __b__", "**_both_ b**", "**_both_ b**", "both b"},
		{"un*frigging*believable", same, same, "unfriggingbelievable"},
		{"2*3*4 = 24, 2 * 3 * 4", `2\*3\*4 = 24, 2 \* 3 \* 4`, `2\*3\*4 = 24, 2 \* 3 \* 4`, "2*3*4 = 24, 2 * 3 * 4"},
		{"a_b_c and snake_case", `a\_b\_c and snake\_case`, `a\_b\_c and snake\_case`, "a_b_c and snake_case"},
		{`\*not\* \[x\] \_`, `\*not\* \[x\] \_`, `\*not\* \[x\] \_`, "*not* [x] _"},
		{"R&D &amp; AT&amp;T &copy; \\&copy;", `R&D & AT&T © \&copy;`, `R&D & AT&T © \&copy;`, "R&D & AT&T © &copy;"},
		{"a <b>b</b> c < d", "a <b>b</b> c < d", `a \<b>b\</b> c < d`, "a <b>b</b> c < d"},
		{"<script>alert(1)</script>", "<script>alert(1)</script>", `\<script>alert(1)\</script>`, "<script>alert(1)</script>"},
		{"one\ntwo\n\nthree", "one\n\ntwo\n\nthree", "one\n\ntwo\n\nthree", "one\ntwo\n\nthree"},
		{"**one\ntwo**", "**one**\n\n**two**", "**one**\n\n**two**", "one\ntwo"},
		{"- a\n- b\n\nend", "- a\n- b\n\nend", "• a\n\n• b\n\nend", "- a\n- b\n\nend"},
		{"3. a\n4. b", "3. a\n4. b", "3. a\n\n4. b", "3. a\n4. b"},
		{"- a\n  - b\n    - c\n- d", "- a\n- – b\n- – c\n- d", "• a\n\n– b\n\n– c\n\n• d", "- a\n  - b\n    - c\n- d"},
		{"- a\nRegards", "- a\n\nRegards", "• a\n\nRegards", "- a\n\nRegards"},
		{"- a\n  more", "- a more", "• a more", "- a\nmore"},
		{`1\. no list, \- none`, `1\. no list, - none`, `1\. no list, - none`, "1. no list, - none"},
		{"# Title\ntext", "**Title**\n\ntext", "**Title**\n\ntext", "Title\n\ntext"},
		{"Title\n---\ntext", "Title\n\ntext", "Title\n\ntext", "Title\n\ntext"},
		{"> said\n> so", "said\n\nso", "> said\n>\n> so", "said\nso"},
		{"~~old~~ `a*b`", `old a\*b`, "old `a*b`", "old a*b"},
		{"```go\nx := *y\n```", `x := \*y`, "```\nx := *y\n```", "x := *y"},
		{"| a | b |\n|---|---|\n| 1 | _2_ |", "**a** | **b**\n\n1 | _2_", "**a** | **b**\n\n1 | _2_", "a | b\n1 | 2"},
		{"![a clock](https://e.example/c.png)", "[a clock](https://e.example/c.png)", "[a clock](https://e.example/c.png)", "a clock (https://e.example/c.png)"},
		{"[see](https://e.example/a_(b))", same, same, "see (https://e.example/a_(b))"},
		{`[see](<https://e.example/a b> "title")`, "[see](https://e.example/a%20b)", "[see](https://e.example/a%20b)", "see (https://e.example/a%20b)"},
		{"[see](javascript:alert(1)) [x](file:///etc)", "see x", "see x", "see x"},
		{"[write](mailto:a@e.example) [call](tel:+33123)", same, same, "write (a@e.example) call (+33123)"},
		{"Go to https://e.example/a_b_c?x=1&y=2, now.", `Go to [https://e.example/a\_b\_c?x=1&y=2](https://e.example/a_b_c?x=1&y=2), now.`,
			`Go to [https://e.example/a\_b\_c?x=1&y=2](https://e.example/a_b_c?x=1&y=2), now.`, "Go to https://e.example/a_b_c?x=1&y=2, now."},
		{"<https://e.example>", "[https://e.example](https://e.example)", "[https://e.example](https://e.example)", "https://e.example"},
		{"**see [here](https://e.example)!**", same, same, "see here (https://e.example)!"},
		{"[see **this**](https://e.example)", same, same, "see this (https://e.example)"},
		{"look![x](https://e.example) \\![y](https://e.example)", "look[x](https://e.example) \\![y](https://e.example)", "look[x](https://e.example) \\![y](https://e.example)",
			"lookx (https://e.example) !y (https://e.example)"},
		{"[a]: https://e.example\n\n[x][a]", `\[a\]: [https://e.example](https://e.example)` + "\n\n" + `\[x\]\[a\]`,
			`\[a\]: [https://e.example](https://e.example)` + "\n\n" + `\[x\]\[a\]`, "[a]: https://e.example\n\n[x][a]"},
		{"    indented", "indented", "indented", "indented"},
		{"**بالعربية** [رابط](https://e.example)", same, same, "بالعربية رابط (https://e.example)"},
	} {
		for place, want := range map[string]string{"card": test.card, "message": test.message, "plain": test.plain} {
			if want == same {
				want = test.written
			}
			c := text(domain.KindIdea, test.written)
			var got string
			switch place {
			case "card":
				got = filled(t, compiled(t, c), named("Ana"))
			case "message":
				c.Kind = domain.KindMessage
				got = filled(t, compiled(t, c), named("Ana"))
			case "plain":
				c.Kind = domain.KindMessage
				got = Text(c, named("Ana").Person)
			}
			if got != want {
				t.Errorf("%q in a %s:\n got %q\nwant %q", test.written, place, got, want)
			}
		}
	}
}
