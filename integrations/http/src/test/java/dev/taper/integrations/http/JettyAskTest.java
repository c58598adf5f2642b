package dev.taper.integrations.http;

class JettyAskTest extends AskContract {
  @Override
  TestService.Starter starter() {
    return JettyService::start;
  }
}
