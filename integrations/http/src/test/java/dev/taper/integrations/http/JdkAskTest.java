package dev.taper.integrations.http;

class JdkAskTest extends AgentAskContract {
  @Override
  TestService.Starter starter() {
    return JdkService::start;
  }
}
