package dev.taper.integrations.valkey;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;

/**
 * Closes a connection on which a server sends more than it could have to say: an answer is held in
 * memory until it is whole, and it is the server that says how long it is. Of one connection.
 */
final class AnswerLimit extends ChannelDuplexHandler {
  private final long most;
  private long left;

  /**
   * Watches a connection.
   *
   * @param most how many bytes a server may send after each question
   */
  AnswerLimit(long most) {
    this.most = most;
    this.left = most;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    left = most;
    var unused = context.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    left -= bytes.readableBytes();
    if (left >= 0) {
      var unused = context.fireChannelRead(message);
      return;
    }
    bytes.release();
    var unused =
        context.fireExceptionCaught(new IOException("sent more than " + most + " bytes")).close();
  }
}
