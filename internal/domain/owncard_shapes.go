package domain

import "maps"

// cardMembers are the members of an object of a card, and what may stand in each:
// a word of cardScalars or cardWords, a place of cardPlaces, or a "list of" one of these.
// "!" says that it has to be there, "?" that it may be null.
type cardMembers map[string]string

// cardShapes is Adaptive Cards 1.5, type by type.
var cardShapes = map[string]cardMembers{
	"AdaptiveCard": {
		"$schema": "link", "version": "text", "body": "list of element", "actions": "list of action", "selectAction": "select",
		"fallbackText": "text", "speak": "text", "lang": "text", "minHeight": "text", "rtl": "flag?", "backgroundImage": "background",
		"verticalContentAlignment": "vertical", "refresh": "refresh", "authentication": "authentication",
	},

	"TextBlock": asElement(cardMembers{
		"text": "text!", "wrap": "flag", "maxLines": "number", "isSubtle": "flag?", "color": "color?", "size": "font size?",
		"weight": "font weight?", "fontType": "font?", "horizontalAlignment": "horizontal?", "style": "text style?",
	}),
	"RichTextBlock": asElement(cardMembers{"inlines": "list of run!", "horizontalAlignment": "horizontal?"}),
	"TextRun": {
		"text": "text!", "color": "color?", "size": "font size?", "weight": "font weight?", "fontType": "font?", "isSubtle": "flag?",
		"highlight": "flag", "italic": "flag", "strikethrough": "flag", "underline": "flag", "selectAction": "select",
	},
	"Image": asElement(cardMembers{
		"url": "picture!", "altText": "text", "backgroundColor": "text", "height": "text", "width": "text", "size": "image size",
		"style": "image style", "horizontalAlignment": "horizontal?", "selectAction": "select",
	}),
	"ImageSet":    asElement(cardMembers{"images": "list of image!", "imageSize": "image size"}),
	"Media":       asElement(cardMembers{"sources": "list of source!", "poster": "picture", "altText": "text"}),
	"MediaSource": {"mimeType": "text!", "url": "media!"},
	"FactSet":     asElement(cardMembers{"facts": "list of fact!"}),
	"Fact":        {"title": "text!", "value": "text!"},

	"Container": asElement(box(cardMembers{"items": "list of element!"})),
	"ColumnSet": asElement(cardMembers{
		"columns": "list of column", "selectAction": "select", "style": "container style?", "bleed": "flag", "minHeight": "text",
		"horizontalAlignment": "horizontal?",
	}),
	"Column": box(cardMembers{
		"items": "list of element", "width": "text or number", "separator": "flag", "spacing": "spacing",
		"id": "text", "isVisible": "flag", "requires": "versions", "fallback": "fallback of column",
	}),
	"Table": asElement(cardMembers{
		"columns": "list of table column", "rows": "list of row", "firstRowAsHeader": "flag", "showGridLines": "flag",
		"gridStyle": "container style?", "horizontalCellContentAlignment": "horizontal?", "verticalCellContentAlignment": "vertical?",
	}),
	"TableColumnDefinition": {
		"width": "text or number", "horizontalCellContentAlignment": "horizontal?", "verticalCellContentAlignment": "vertical?",
	},
	"TableRow": {
		"cells": "list of cell", "style": "container style?", "horizontalCellContentAlignment": "horizontal?",
		"verticalCellContentAlignment": "vertical?",
	},
	"TableCell": box(cardMembers{"items": "list of element!"}),
	"ActionSet": asElement(cardMembers{"actions": "list of action!"}),

	"Input.Text": asInput(cardMembers{
		"value": "text", "placeholder": "text", "isMultiline": "flag", "maxLength": "number", "regex": "text",
		"style": "input style", "inlineAction": "select",
	}),
	"Input.Number": asInput(cardMembers{"value": "number", "placeholder": "text", "min": "number", "max": "number"}),
	"Input.Date":   asInput(cardMembers{"value": "text", "placeholder": "text", "min": "text", "max": "text"}),
	"Input.Time":   asInput(cardMembers{"value": "text", "placeholder": "text", "min": "text", "max": "text"}),
	"Input.Toggle": asInput(cardMembers{"title": "text!", "value": "text", "valueOn": "text", "valueOff": "text", "wrap": "flag"}),
	"Input.ChoiceSet": asInput(cardMembers{
		"choices": "list of choice", "value": "text", "placeholder": "text", "isMultiSelect": "flag", "style": "choice style", "wrap": "flag",
	}),
	"Input.Choice": {"title": "text!", "value": "text!"},

	"Action.OpenUrl":          asAction(cardMembers{"url": "link!"}),
	"Action.Submit":           asAction(cardMembers{"data": "data", "associatedInputs": "inputs sent"}),
	"Action.Execute":          asAction(cardMembers{"verb": "text", "data": "data", "associatedInputs": "inputs sent"}),
	"Action.ShowCard":         asAction(cardMembers{"card": "card"}),
	"Action.ToggleVisibility": asAction(cardMembers{"targetElements": "list of target!"}),
	"TargetElement":           {"elementId": "text!", "isVisible": "flag?"},

	"BackgroundImage": {
		"url": "picture!", "fillMode": "fill", "horizontalAlignment": "horizontal", "verticalAlignment": "vertical",
	},
	"Refresh":               {"action": "execute", "userIds": "list of text"},
	"Authentication":        {"text": "text", "connectionName": "text", "tokenExchangeResource": "token exchange", "buttons": "list of sign-in button"},
	"AuthCardButton":        {"type": "text!", "title": "text", "image": "text", "value": "text!"},
	"TokenExchangeResource": {"id": "text!", "uri": "text!", "providerId": "text!"},
}

// asElement adds what every element of a body has. Its own members come first.
func asElement(own cardMembers) cardMembers {
	return with(own, cardMembers{
		"id": "text", "isVisible": "flag", "separator": "flag", "spacing": "spacing", "height": "block height",
		"requires": "versions", "fallback": "fallback of element",
	})
}

func asInput(own cardMembers) cardMembers {
	return asElement(with(own, cardMembers{"id": "text!", "label": "text", "isRequired": "flag", "errorMessage": "text"}))
}

func asAction(own cardMembers) cardMembers {
	return with(own, cardMembers{
		"id": "text", "title": "text", "iconUrl": "picture", "style": "action style", "tooltip": "text", "isEnabled": "flag",
		"mode": "action mode", "requires": "versions", "fallback": "fallback of action",
	})
}

// box adds what holds other elements: containers, columns, cells.
func box(own cardMembers) cardMembers {
	return with(own, cardMembers{
		"selectAction": "select", "style": "container style?", "verticalContentAlignment": "vertical?", "bleed": "flag",
		"backgroundImage": "background", "minHeight": "text", "rtl": "flag?",
	})
}

func with(own, common cardMembers) cardMembers {
	all := maps.Clone(common)
	maps.Copy(all, own)
	return all
}
