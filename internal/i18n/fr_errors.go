package i18n

// frenchErrors is what people read when something is wrong: domain, app, store.
var frenchErrors = map[string]string{
	// Roles.
	"Only communications officers can do this. Ask an owner of Crier to add you.": "Seuls les responsables de la communication peuvent faire cela. Demandez à un propriétaire de Crier de vous ajouter.",
	"Your role does not allow this. Ask an owner of Crier.":                       "Votre rôle ne le permet pas. Adressez-vous à un propriétaire de Crier.",

	// Things that are not there, or stand differently by now.
	"There is no such campaign.":         "Cette campagne n’existe pas.",
	"There is no such person.":           "Cette personne est introuvable.",
	"There is no such thing (any more).": "Cet élément n’existe pas ou n’existe plus.",
	"A campaign that has started can't be changed any more. Clone it to send something else.": "Une campagne commencée ne peut plus être modifiée. Clonez-la pour envoyer autre chose.",
	"Somebody else changed this campaign meanwhile. Load it again and repeat your change.":    "Quelqu’un d’autre a modifié cette campagne entre-temps. Rechargez-la, puis refaites votre modification.",
	"It already exists, or something else still uses it.":                                     "Cet élément existe déjà, ou un autre l’utilise encore.",
	"Somebody else changed it meanwhile. Look again, then retry.":                             "Quelqu’un d’autre l’a modifié entre-temps. Vérifiez, puis réessayez.",

	"There is no such message.": "Ce message n’existe pas.",
	"There is nothing to try again: no message failed, or the campaign was cancelled.": "Il n’y a rien à réessayer : aucun message n’a échoué, ou la campagne a été annulée.",

	// Any field.
	"Some fields need attention.":                                                   "Certains champs sont à corriger.",
	"At most %d characters; it has %d.":                                             "%d caractères au maximum ; il y en a %d.",
	"The text holds characters that can't be shown.":                                "Le texte contient des caractères qui ne peuvent pas être affichés.",
	"%s is no personal tag. There are [FIRSTNAME], [LASTNAME], [NAME] and [EMAIL].": "%s n’est pas une balise personnelle. Il existe [FIRSTNAME], [LASTNAME], [NAME] et [EMAIL].",
	"%s is no personal tag. There are [FIRSTNAME], [LASTNAME], [NAME] and [EMAIL]; write \\%s for the words in brackets.": "%s n’est pas une balise personnelle. Il existe [FIRSTNAME], [LASTNAME], [NAME] et [EMAIL] ; écrivez \\%s pour garder ces mots entre crochets.",
	"This is not an address that people can open. It should look like %s://example.com/page.":                             "Cette adresse ne peut pas être ouverte. Elle doit ressembler à %s://example.com/page.",

	// The campaign.
	"Give the campaign a name.":                                      "Donnez un nom à la campagne.",
	"A name is one line.":                                            "Un nom tient sur une ligne.",
	"The channel is teams or skype.":                                 "Le canal est teams ou skype.",
	"The kind is idea, success, important, card, message or survey.": "Le type est idea, success, important, card, message ou survey.",

	// The audience.
	"Choose who gets it: everyone, or some people.":                            "Choisissez les destinataires : tout le monde, ou certaines personnes.",
	"Everyone already includes the lists and people; choose one or the other.": "« Tout le monde » comprend déjà les listes de diffusion et les personnes ; choisissez l’un ou l’autre.",
	"At most %d single addresses; make a list of more.":                        "%d adresses individuelles au maximum ; au-delà, créez une liste de diffusion.",
	"%q is not an e-mail address.":                                             "%q n’est pas une adresse e-mail.",

	// The delivery.
	"The spread is between 0s and 720h.":                                                                 "L’étalement est compris entre 0s et 720h.",
	"on_uncertain is resend or hold.":                                                                    "on_uncertain vaut resend ou hold.",
	"The cap is between 0 and %d messages an hour, for example 500; 0 means no cap.":                     "La limite est comprise entre 0 et %d messages par heure, par exemple 500 ; 0 signifie sans limite.",
	"%q is not a presence. Write available, away or busy.":                                               "%q n’est pas une présence. Écrivez available, away ou busy.",
	"Only Teams tells who is there. Leave the presence out, or choose the channel teams.":                "Seul Teams indique qui est là. N’indiquez pas de présence, ou choisissez le canal teams.",
	"Name at least one day, for example mon, or leave the days out for Monday to Friday.":                "Indiquez au moins un jour, par exemple mon, ou omettez les jours pour du lundi au vendredi.",
	"%q is not a day. Write mon, tue, wed, thu, fri, sat or sun.":                                        "%q n’est pas un jour. Écrivez mon, tue, wed, thu, fri, sat ou sun.",
	"Write a time of the day between 00:00 and 23:59, for example 09:00.":                                "Écrivez une heure de la journée entre 00:00 et 23:59, par exemple 09:00.",
	"Write a time of the day between 00:00 and 24:00, for example 18:00.":                                "Écrivez une heure de la journée entre 00:00 et 24:00, par exemple 18:00.",
	"The hours are empty: they end when they begin. For whole days write 00:00 to 24:00.":                "Les heures sont vides : elles finissent quand elles commencent. Pour des journées entières, écrivez 00:00 à 24:00.",
	"%q is not a time zone known here. Write one like Europe/Paris, or recipient for each person's own.": "%q n’est pas un fuseau horaire connu ici. Écrivez-en un comme Europe/Paris, ou recipient pour celui de chaque personne.",

	// The content.
	"Write the text.":                                "Écrivez le texte.",
	"Write the title.":                               "Écrivez le titre.",
	"At most %d buttons.":                            "%d boutons au maximum.",
	"Write what the button says.":                    "Écrivez le libellé du bouton.",
	"Give the address that the button opens.":        "Indiquez l’adresse que le bouton ouvre.",
	"Give the image's address, or remove the image.": "Indiquez l’adresse de l’image, ou retirez l’image.",
	"A message has a text only. Choose the kind card for a title, an image or buttons.": "Un message n’a qu’un texte. Choisissez le type « carte » pour un titre, une image ou des boutons.",
	"Only a card names its author.":                                                             "Seule une carte indique son auteur.",
	"Only the kind card takes a card of your own.":                                              "Seul le type « carte » accepte une carte que vous avez écrite vous-même.",
	"Write either a card of your own or a title and a text, not both.":                          "Fournissez votre propre carte ou bien un titre et un texte, mais pas les deux.",
	"The card has %d bytes; at most %d are allowed.":                                            "La carte fait %d octets ; le maximum est de %d.",
	`This is not an Adaptive Card. It should begin with {"type":"AdaptiveCard","version":"1.5"`: `Ce n’est pas une carte adaptative. Elle doit commencer par {"type":"AdaptiveCard","version":"1.5"`,
	"Teams shows cards up to version 1.5; this one says %q.":                                    "Teams affiche les cartes jusqu’à la version 1.5 ; celle-ci indique %q.",

	// The survey.
	"A survey has a title, a text and questions; it has no image and no buttons.": "Un sondage a un titre, un texte et des questions ; il n’a ni image ni boutons.",
	"Only a survey has questions.":                                            "Seul un sondage a des questions.",
	"The style is one_by_one or single_card.":                                 "Le style est one_by_one ou single_card.",
	"The privacy is identified, masked or anonymous.":                         "La confidentialité est identified, masked ou anonymous.",
	"At most %d questions.":                                                   "%d questions au maximum.",
	"Two questions have this id.":                                             "Deux questions portent cet identifiant.",
	"The type is choice, choices, text, rating, nps, yes_no, number or date.": "Le type est choice, choices, text, rating, nps, yes_no, number ou date.",
	"An id is up to 64 characters without spaces, and not \"end\".":           "Un identifiant compte au plus 64 caractères, sans espace, et n’est pas « end ».",
	"At most %d options.":                                                     "%d choix au maximum.",
	"Each option needs words of its own.":                                     "Chaque choix doit avoir un texte différent.",
	"Ask at least one question.":                                              "Posez au moins une question.",
	"Write the question.":                                                     "Écrivez la question.",
	"Only the types choice and choices have options.":                         "Seuls les types choice et choices ont des choix.",
	"%q is no answer to this question.":                                       "%q ne fait pas partie des réponses à cette question.",
	"A single card shows all questions at once; only one by one can an answer lead elsewhere.": "Une carte unique montre toutes les questions à la fois ; seule la présentation une par une permet à une réponse de mener ailleurs.",
	"There is no question %q to go to.": "Il n’y a pas de question %q à laquelle aller.",
	"Offer at least two options.":       "Proposez au moins deux choix.",
	"Choose one of the answers.":        "Choisissez une des réponses.",
	"That is not one of the answers.":   "Cette réponse ne fait pas partie des choix.",

	// Sending.
	"A campaign that is scheduled or being sent can't be deleted. Cancel it first.":                            "Une campagne programmée ou en cours d’envoi ne peut pas être supprimée. Annulez-la d’abord.",
	"There is no campaign called %q.":                                                                          "Aucune campagne ne s’appelle %q.",
	"Several campaigns are called %q. Say which one by its number: %s.":                                        "Plusieurs campagnes s’appellent %q. Précisez laquelle par son numéro : %s.",
	"The start time does not work.":                                                                            "L’heure de début ne convient pas.",
	"This time is past.":                                                                                       "Cette heure est déjà passée.",
	"A campaign can be scheduled until %s (UTC) at the latest.":                                                "Une campagne peut être programmée au plus tard jusqu’au %s (UTC).",
	"Skype shows no Adaptive Cards. Write a title and a text instead.":                                         "Skype n’affiche pas de cartes adaptatives. Écrivez plutôt un titre et un texte.",
	"There is nobody to send it to.":                                                                           "Il n’y a personne à qui l’envoyer.",
	"Nobody has installed the app yet.":                                                                        "Personne n’a encore installé l’application.",
	"The campaign is %s; this needs one that is %s.":                                                           "État de la campagne : %s ; l’état attendu ici : %s.",
	"Only a campaign that is scheduled, being sent or paused can be cancelled; this one is %s.":                "Seule une campagne programmée, en cours d’envoi ou en pause peut être annulée ; état de celle-ci : %s.",
	"Nothing was sent.":                                                                                        "Rien n’a été envoyé.",
	"A test goes to at most %d people.":                                                                        "Un essai s’adresse à %d personnes au plus.",
	"%s has removed the app.":                                                                                  "%s a désinstallé l’application.",
	"Only a draft can be sent; this campaign is %s.":                                                           "Seul un brouillon peut être envoyé ; état de cette campagne : %s.",
	"%s is not known here: nobody with this address has installed the app.":                                    "%s est inconnu ici : personne n’a installé l’application avec cette adresse.",
	"Paused: Microsoft refuses the bot's credentials. Check the app id, its password and tenant, then resume.": "En pause : Microsoft refuse les identifiants du bot. Vérifiez l’identifiant de l’application, son mot de passe et son tenant, puis reprenez l’envoi.",
	"Paused: Microsoft Graph does not let the bot see who is there. Ask your administrator to consent to Presence.Read.All, then resume.":        "En pause : Microsoft Graph ne laisse pas le bot voir qui est présent. Demandez à votre administrateur d’accorder Presence.Read.All, puis reprenez l’envoi.",
	"The bot may not ask who is there: it needs the permission %s in Microsoft Graph. Leave presence out, or ask your administrator to consent.": "Le bot n’a pas le droit de demander qui est présent : il lui faut l’autorisation %s dans Microsoft Graph. Renoncez à la présence, ou demandez à votre administrateur de l’accorder.",
	"Paused: people are reached at an address that is not trusted. Add its host to CRIER_TRUSTED_SERVICE_HOSTS if it is right, then resume.":     "En pause : des personnes sont joignables à une adresse qui n’est pas approuvée. Si elle est correcte, ajoutez son hôte à CRIER_TRUSTED_SERVICE_HOSTS, puis reprenez l’envoi.",
	"Paused: Teams refuses this message. Try another content on yourself first, in a copy.":                                                      "En pause : Teams refuse ce message. Essayez d’abord un autre contenu sur vous-même, dans une copie.",
	"Paused: the bot is not allowed to send. Ask your administrator to look at the log, then resume.":                                            "En pause : le bot n’est pas autorisé à envoyer. Demandez à votre administrateur de consulter le journal, puis reprenez l’envoi.",

	// Answering a survey.
	"This card is not one of ours.":                  "Cette carte ne vient pas de nous.",
	"This card was sent to somebody else.":           "Cette carte a été envoyée à quelqu’un d’autre.",
	"This campaign is no survey.":                    "Cette campagne n’est pas un sondage.",
	"This survey is closed. Thank you all the same.": "Ce sondage est clos. Merci tout de même.",
}
