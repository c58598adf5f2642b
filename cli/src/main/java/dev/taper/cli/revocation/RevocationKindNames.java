package dev.taper.cli.revocation;

import dev.taper.cli.io.Names;
import dev.taper.revocation.RevocationKind;
import java.util.List;

/** What can be revoked, by name. */
final class RevocationKindNames extends Names<RevocationKind> {
  private static final long serialVersionUID = 1L;

  RevocationKindNames() {
    super(List.of(RevocationKind.values()), RevocationKind::text);
  }
}
