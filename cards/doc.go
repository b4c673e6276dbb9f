// Package cards draws messages from domain values and reads back what people submit
// with them: Adaptive Cards 1.5 and Markdown on Teams, hero cards and plain text on
// Skype. It follows protocol/cards.md, protocol/skype.md 3 and protocol/outbound.md 6.
//
// A campaign is drawn and encoded once, by Compile; Message.Fill then copies the
// finished bytes and writes each person's own words into the slots between them. A
// slot knows where it stands (Markdown, plain text, a link), so that a name is only
// ever a name. See template.go for how, and dialect.go for the escaping.
package cards
