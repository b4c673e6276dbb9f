// Package connector speaks the Bot Framework wire and knows nothing of the
// product.
//
// Inbound: [Decode] reads an activity, [Verifier] decides whether the channel
// really sent it (protocol/inbound.md). Outbound: [Client] sends, updates and
// deletes activities, opens conversations and reads rosters
// (protocol/outbound.md), with a token from [Tokens], at the pace of
// [Throttle], to [TrustedHosts] only. Every failure is an [*Error] with a
// [Class] (protocol/errors.md).
//
// Constructors start nothing; every value is safe for concurrent use.
package connector
