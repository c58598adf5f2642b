package dev.taper.policies.cases;

/** Where the token of a case comes from: a description, or files. */
sealed interface CaseToken permits TokenSpec, StoredToken {}
