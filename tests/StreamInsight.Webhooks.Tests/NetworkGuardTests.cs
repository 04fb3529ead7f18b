using System.Net;

namespace StreamInsight.Webhooks.Tests;

public sealed class NetworkGuardTests
{
    private static readonly WebhookOptions Usual = new();

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:a00:1::")]
    [InlineData("ff02::1")]
    public void Private_addresses_are_known(string address) => Assert.True(NetworkGuard.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void Public_addresses_are_not_private(string address) => Assert.False(NetworkGuard.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://crm.example/hook", true)]
    [InlineData("http://crm.example/hook", false)]
    [InlineData("http://localhost:9000/", true)]
    [InlineData("http://127.0.0.1:9000/", true)]
    [InlineData("http://[::1]:9000/", true)]
    [InlineData("https://10.0.0.1/", false)]
    [InlineData("https://[fd00::1]/", false)]
    [InlineData("https://2130706434/", true)] // 127.0.0.2, written as a number: this machine
    [InlineData("https://3232235777/", false)] // 192.168.1.1
    [InlineData("https://user:secret@crm.example/", false)]
    public void Only_https_and_this_machine_may_be_posted_to(string url, bool allowed) => Assert.Equal(allowed, NetworkGuard.Fault(new Uri(url), Usual) is null);

    [Fact]
    public void What_is_refused_may_be_allowed()
    {
        Assert.Null(NetworkGuard.Fault(new Uri("http://crm.example/"), Usual with { AllowHttp = true }));
        Assert.Null(NetworkGuard.Fault(new Uri("https://10.0.0.1/"), Usual with { AllowPrivate = true }));
    }
}
