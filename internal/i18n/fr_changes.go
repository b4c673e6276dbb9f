package i18n

// frenchChanges is what people read about recalls, corrections and expiries.
var frenchChanges = map[string]string{
	// Refusals.
	"Skype can neither take back nor change a message.":                                                 "Skype ne permet ni de rappeler ni de modifier un message.",
	"Nothing of this campaign has been sent yet; change the draft instead.":                             "Rien de cette campagne n’a encore été envoyé ; modifiez plutôt le brouillon.",
	"The campaign is being sent. Pause it first, correct it, then resume it.":                           "La campagne est en cours d’envoi. Mettez-la d’abord en pause, corrigez-la, puis reprenez-la.",
	"The messages of this campaign have been recalled.":                                                 "Les messages de cette campagne ont été rappelés.",
	"The messages of this campaign have expired.":                                                       "Les messages de cette campagne ont expiré.",
	"The messages of this campaign have not been changed.":                                              "Les messages de cette campagne n’ont pas été modifiés.",
	"This is under way already.":                                                                        "C’est déjà en cours.",
	"This has been done already.":                                                                       "C’est déjà fait.",
	"Nothing is different from what was sent.":                                                          "Rien ne diffère de ce qui a été envoyé.",
	"It would expire before it starts.":                                                                 "Elle expirerait avant de commencer.",
	"There is nothing to try again: the messages of this campaign have been recalled, or have expired.": "Il n’y a rien à réessayer : les messages de cette campagne ont été rappelés ou ont expiré.",
	"People have answered these questions: their words may be corrected, but not which questions, types and options there are.": "On a déjà répondu à ces questions : leur formulation peut être corrigée, mais ni leur nombre, ni leur type, ni leurs options.",

	"Not sent: it expired before it could start.":                                                                  "Non envoyée : elle a expiré avant de pouvoir commencer.",
	"It goes for good, with its report. The messages stay with those who have them, and their links stop working.": "Elle disparaît définitivement, avec son rapport. Les messages restent chez ceux qui les ont, et leurs liens ne mènent plus nulle part.",
	"impossible: %s": "impossibles : %s",

	// The chat.
	"takes a message back from everyone who has it":    "rappelle un message chez tous ceux qui l’ont reçu",
	"%s is being taken back from everyone who has it.": "%s est en cours de rappel chez tous ceux qui l’ont reçu.",

	// The console.
	"Recall":                 "Rappeler",
	"Correct":                "Corriger",
	"Correction":             "Correction",
	"Expiry":                 "Expiration",
	"Taken back: %s of %s":   "Rappelés : %s sur %s",
	"Corrected: %s of %s":    "Corrigés : %s sur %s",
	"Replaced: %s of %s":     "Remplacés : %s sur %s",
	"is being taken back":    "en cours de rappel",
	"is being corrected":     "en cours de correction",
	"is expiring":            "en cours d’expiration",
	"taken back":             "rappelé",
	"corrected":              "corrigé",
	"expired":                "expiré",
	"not taken back":         "non rappelé",
	"not corrected":          "non corrigé",
	"not replaced":           "non remplacé",
	"Correct “%s”":           "Corriger « %s »",
	"Correct it for %s":      "Corriger pour %s",
	"failed: %s":             "échecs : %s",
	"Take the message back?": "Rappeler le message ?",
	"It disappears from the chats of %s. Those who read it have read it. Who was still to get it will not.": "Il disparaît des conversations de %s. Ceux qui l’ont lu l’ont lu. Ceux qui devaient encore le recevoir ne le recevront pas.",
	"What you change here takes the place of the message in the chats of %s, marked as corrected.":          "Ce que vous modifiez ici remplace le message dans les conversations de %s, avec la mention « corrigé ».",
	"The message is being taken back from everyone who has it.":                                             "Le message est en cours de rappel chez tous ceux qui l’ont reçu.",
	"The correction goes to everyone who has the message.":                                                  "La correction part vers tous ceux qui ont le message.",
	"Trying again.":  "Nouvel essai en cours.",
	"It holds until": "Valable jusqu’au",
	"After that the message gives way to a few words that say so. Leave it empty for one that always holds.": "Ensuite, le message cède la place à quelques mots qui le disent. Laissez vide pour un message toujours valable.",
}
