// A small bot, written as the SDK's documentation has it. What it is for, and what
// its settings had to be, is told in README.md.
'use strict';

const http = require('node:http');
const {
    ActivityHandler,
    CloudAdapter,
    ConfigurationBotFrameworkAuthentication,
    TurnContext,
    CardFactory,
} = require('botbuilder');
const { AuthenticationConstants, MsalServiceClientCredentialsFactory } = require('botframework-connector');
const { ConfidentialClientApplication } = require('@azure/msal-node');

const appId = process.env.MicrosoftAppId;
const authority = `${process.env.LOGIN_URL}/${process.env.MicrosoftAppTenantId}`;

const authentication = new ConfigurationBotFrameworkAuthentication(
    {
        MicrosoftAppId: appId,
        MicrosoftAppTenantId: process.env.MicrosoftAppTenantId,
        ToBotFromChannelOpenIdMetadataUrl: process.env.OPENID_METADATA_URL,
        // One address of its own, and the SDK takes none of its defaults.
        ToChannelFromBotLoginUrl: authority,
        ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
        ToBotFromChannelTokenIssuer: AuthenticationConstants.ToBotFromChannelTokenIssuer,
        ToBotFromEmulatorOpenIdMetadataUrl: AuthenticationConstants.ToBotFromEmulatorOpenIdMetadataUrl,
        OAuthUrl: AuthenticationConstants.OAuthUrl,
    },
    new MsalServiceClientCredentialsFactory(
        appId,
        new ConfidentialClientApplication({
            auth: {
                clientId: appId,
                clientSecret: process.env.MicrosoftAppPassword,
                authority,
                knownAuthorities: [new URL(authority).host],
            },
        }),
    ),
);

const adapter = new CloudAdapter(authentication);
adapter.onTurnError = async (context, error) => {
    console.error('turn failed:', error);
    throw error;
};

const references = new Map(); // user id -> conversation reference

class Bot extends ActivityHandler {
    constructor() {
        super();
        this.onInstallationUpdateAdd(async (context, next) => {
            const { activity } = context;
            references.set(activity.from.id, TurnContext.getConversationReference(activity));
            await context.sendActivity('Welcome!');
            await context.sendActivity({ attachments: [CardFactory.adaptiveCard(question)], summary: 'A question' });
            await next();
        });
        this.onInstallationUpdateRemove(async (context, next) => {
            references.delete(context.activity.from.id);
            await next();
        });
        this.onMessage(async (context, next) => {
            const { text, value, replyToId } = context.activity;
            if (value) {
                await context.updateActivity({ type: 'message', id: replyToId, text: `Submitted ${value.rating}` });
            } else {
                await context.sendActivity({ type: 'typing' });
                await context.sendActivity(`You said: ${text}`);
            }
            await next();
        });
    }

    async onAdaptiveCardInvoke(context, invokeValue) {
        return {
            statusCode: 200,
            type: 'application/vnd.microsoft.activity.message',
            value: `Executed ${invokeValue.action.verb} ${invokeValue.action.data.rating}`,
        };
    }
}

const question = {
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: 'Was this useful?',
    body: [
        { type: 'Input.Number', id: 'rating', label: 'Was this useful?', min: 1, max: 5 },
        {
            type: 'ActionSet',
            actions: [
                { type: 'Action.Execute', title: 'Send', verb: 'rate', data: { campaign: 'c1' } },
                { type: 'Action.Submit', title: 'Send', data: { campaign: 'c1' } },
            ],
        },
    ],
};

const bot = new Bot();

async function notify(text) {
    for (const reference of references.values()) {
        await adapter.continueConversationAsync(appId, reference, (context) => context.sendActivity(text));
    }
}

// The SDK expects the request and response of a web framework: a body that has been
// parsed, and status() and send().
async function handle(req, res) {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    if (req.url === '/notify') {
        await notify(body);
        res.end(JSON.stringify({ notified: references.size }));
        return;
    }
    req.body = JSON.parse(body || '{}');
    res.status = (code) => { res.statusCode = code; return res; };
    res.header = (name, value) => { res.setHeader(name, value); return res; };
    res.send = (content) => {
        res.write(typeof content === 'string' ? content : JSON.stringify(content));
        return res;
    };
    await adapter.process(req, res, (context) => bot.run(context));
}

const server = http.createServer((req, res) => {
    handle(req, res).catch((error) => {
        console.error(error);
        res.statusCode = 500;
        res.end(String(error));
    });
});
server.listen(Number(process.env.PORT || 0), '127.0.0.1', () => {
    console.log(`listening on ${server.address().port}`);
});
// Whoever started the bot holds its standard input; when they are gone, so is it.
process.stdin.resume().on('end', () => process.exit(0));
