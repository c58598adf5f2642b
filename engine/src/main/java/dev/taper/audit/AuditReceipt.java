package dev.taper.audit;

/**
 * Confirms that a record is as safe as its sink promises.
 *
 * @param sequence the record's number
 * @param hash the record's hash, 64 hex digits
 */
public record AuditReceipt(long sequence, String hash) {}
