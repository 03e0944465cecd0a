// How much larger than usual type is where an element stands: 1.4 on a page that is presented.

export const type_scale = (element) => Number.parseFloat(getComputedStyle(element).getPropertyValue("--present-type")) || 1;
