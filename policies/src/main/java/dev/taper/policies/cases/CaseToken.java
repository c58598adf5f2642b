package dev.taper.policies.cases;

/** The source of a case's token: a description, or files. */
sealed interface CaseToken permits TokenSpec, StoredToken {}
