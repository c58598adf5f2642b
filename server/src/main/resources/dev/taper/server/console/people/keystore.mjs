// In place of the module that makes, keeps and uses an approver's key: pages that another machine serves have none.
const none = () => {
  throw new Error("pages that another machine serves make and use no key");
};

export const keys = async () => [];
export const make = none;
export const forget = none;
export const signer = none;
export const answers = async () => [];
export const remember = async () => {};
