package dev.taper.cli.revocation;

import dev.taper.cli.io.Names;
import dev.taper.revocation.RevocationKind;
import java.util.stream.Stream;

/** What can be revoked, by name; a key as last holder is an option of a holder's key. */
final class RevocationKindNames extends Names<RevocationKind> {
  private static final long serialVersionUID = 1L;

  RevocationKindNames() {
    super(
        Stream.of(RevocationKind.values())
            .filter(kind -> kind != RevocationKind.LAST_HOLDER)
            .toList(),
        RevocationKind::text);
  }
}
