package dev.taper.integrations.http;

class JdkAskTest extends AskContract {
  @Override
  TestService.Starter starter() {
    return JdkService::start;
  }
}
