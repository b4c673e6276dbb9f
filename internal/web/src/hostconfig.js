// How Teams draws cards, in the renderer's terms: Fluent's type, spacing and colours.
const looks = {
  light: {
    text: "#242424", subtle: "#616161", accent: "#4f52b2", good: "#0e700e", warning: "#8a3707", attention: "#b10e1c",
    backgrounds: { default: "#ffffff", emphasis: "#f5f5f5", accent: "#e8ebfa", good: "#f1faf1", warning: "#fdf6e3", attention: "#fdf3f4" },
    borders: { default: "#ffffff", emphasis: "#e0e0e0", accent: "#bdbde6", good: "#9fd89f", warning: "#f2c661", attention: "#eeacb2" },
    line: "#e0e0e0",
  },
  dark: {
    text: "#ffffff", subtle: "#adadad", accent: "#a4a7f5", good: "#54b054", warning: "#faa06b", attention: "#f1707b",
    backgrounds: { default: "#292929", emphasis: "#1f1f1f", accent: "#2f2f4a", good: "#052505", warning: "#463100", attention: "#3b0509" },
    borders: { default: "#292929", emphasis: "#525252", accent: "#4f52b2", good: "#0e700e", warning: "#835b00", attention: "#751d1f" },
    line: "#525252",
  },
};

function containerStyle(look, name) {
  const colour = (c) => ({ default: c, subtle: c === look.text ? look.subtle : c });
  return {
    backgroundColor: look.backgrounds[name],
    borderColor: look.borders[name],
    foregroundColors: {
      default: colour(look.text), dark: colour(look.text), light: colour(look.subtle), accent: colour(look.accent),
      good: colour(look.good), warning: colour(look.warning), attention: colour(look.attention),
    },
  };
}

export function hostConfig(scheme) {
  const look = looks[scheme];
  return {
    supportsInteractivity: true,
    choiceSetInputValueSeparator: ",",
    fontFamily: '"Segoe UI", "Segoe UI Web (West European)", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif',
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 400, default: 400, bolder: 600 },
    lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: look.line },
    imageSizes: { small: 32, medium: 52, large: 100 },
    imageSet: { imageSize: "medium", maxImageHeight: 100 },
    containerStyles: Object.fromEntries(Object.keys(look.backgrounds).map((name) => [name, containerStyle(look, name)])),
    inputs: {
      label: { inputSpacing: "small", requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" }, optionalInputs: { weight: "bolder" } },
      errorMessage: { color: "attention", weight: "default" },
    },
    actions: {
      maxActions: 6, spacing: "default", buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left", preExpandSingleShowCardAction: false,
      showCard: { actionMode: "inline", inlineTopMargin: 16, style: "emphasis" },
    },
    adaptiveCard: { allowCustomStyle: false },
    factSet: { title: { weight: "bolder", wrap: true, maxWidth: 150 }, value: { wrap: true }, spacing: 12 },
  };
}
