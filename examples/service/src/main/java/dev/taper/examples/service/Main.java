package dev.taper.examples.service;

import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.nio.file.Path;

/** Starts the service: {@code Main DATABASE ROOT-KEY REVOCATION-KEY}. */
public final class Main {
  private Main() {}

  /** Runs until it is interrupted. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (TicketService service =
        TicketService.start(
            arguments[0],
            PublicKey.parse(arguments[1]),
            PublicKey.parse(arguments[2]),
            Path.of("").toAbsolutePath())) {
      System.out.println(service.address());
      Thread.currentThread().join();
    }
  }
}
