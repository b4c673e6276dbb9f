// The time zones that the browser knows, to choose from.
export function offerZones(list) {
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    const option = document.createElement("option");
    option.value = zone;
    list.append(option);
  }
}
