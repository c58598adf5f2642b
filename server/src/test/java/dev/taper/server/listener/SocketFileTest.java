package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.operations.OperationException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes at one socket, one after the other. */
class SocketFileTest {
  @TempDir Path folder;

  private static ServerSocketChannel listen(SocketFile file) throws Exception {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(file.hidden()));
    file.publish(false);
    return channel;
  }

  @Test
  void close_afterAnotherTookItsPlace_leavesThatThere() throws Exception {
    Path path = folder.resolve("s.sock");
    SocketFile first = SocketFile.before(path);
    ServerSocketChannel stopping = listen(first);
    stopping.close(); // it listens no more, and has not gone yet
    SocketFile second = SocketFile.before(path);
    try (ServerSocketChannel channel = listen(second)) {
      first.close();
      assertThat(path).exists();
      assertThat(channel.isOpen()).isTrue();
    }
    second.close();
    assertThat(path).doesNotExist();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void close_beforeItIsThere_leavesNothing() throws Exception {
    SocketFile never = SocketFile.before(folder.resolve("s.sock"));
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(never.hidden()));
    }
    never.close();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void folderThatOthersCanWrite_isRefused() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    for (String permissions : List.of("rwx-w----", "rwx----w-", "rwxrwxrwx")) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));
      assertThatExceptionOfType(OperationException.class)
          .as(permissions)
          .isThrownBy(() -> SocketFile.before(open.resolve("s.sock")))
          .matches(refused -> refused.code().equals("folder_exposed"));
    }
    try (var left = Files.list(open)) {
      assertThat(left).isEmpty();
    }
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    SocketFile.before(open.resolve("s.sock")).close();
  }
}
