namespace StreamInsight.Webhooks.Tests;

public sealed class SigningSecretsTests
{
    /// <summary>The example of the Standard Webhooks libraries.</summary>
    [Fact]
    public void The_known_example_is_signed_as_known()
    {
        SigningSecrets secrets = SigningSecrets.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", secrets.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8));
        Assert.False(secrets.AreWeak);
    }

    [Fact]
    public void While_a_secret_is_changed_each_signs()
    {
        SigningSecrets both = SigningSecrets.Parse("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
        string[] signatures = both.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8).Split(' ');
        Assert.Equal(2, signatures.Length);
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signatures[1]);
        Assert.NotEqual(signatures[0], signatures[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64!")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw %%%")]
    public void What_is_no_secret_is_none(string text) => Assert.Null(SigningSecrets.Parse(text));

    [Fact]
    public void A_short_secret_is_weak_and_none_is_ever_shown()
    {
        SigningSecrets secrets = SigningSecrets.Parse("whsec_c2hvcnQ=")!;
        Assert.True(secrets.AreWeak);
        Assert.Equal("***", secrets.ToString());
        Assert.DoesNotContain("c2hv", new Subscriber("crm", new Uri("https://x.example"), secrets).ToString());
    }
}
