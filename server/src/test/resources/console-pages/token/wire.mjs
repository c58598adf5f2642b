export const wire = () => {};
