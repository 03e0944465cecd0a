// Whether the visitor has asked for less motion.

export const is_calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
