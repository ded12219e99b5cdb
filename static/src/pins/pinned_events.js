import { Component, markup } from "@odoo/owl";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import { registerMessageAction } from "@mail/core/common/message_actions";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { useService } from "@web/core/utils/hooks";

/** The messages and notes that stand on top of the history of a deal or a project. */
export class PinnedEvents extends Component {
    static template = "construction_crm.PinnedEvents";
    static props = {
        events: Array,
        model: String,
        canUnpin: Boolean,
        unpin: Function,
    };

    body(event) {
        // the server keeps messages clean of scripts
        return markup(event.body);
    }

    date(event) {
        return toLocaleDateTimeString(deserializeDateTime(event.date));
    }

    pinnedBy(event) {
        return event.pinned_by ? _t("Pinned by %s", event.pinned_by) : "";
    }
}

Chatter.components = { ...Chatter.components, PinnedEvents };

patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        this.pinsOrm = useService("orm");
        // Read with the record; after a pin was set or taken away, what the server answered.
        this.state.pins = undefined;
        this.state.setPin = this.setPin.bind(this);
        this.state.getPins = () => this.pins;
    },

    get pinKey() {
        const { record } = this.props;
        return record ? `${record.resModel},${record.resId}` : "";
    },

    /** What is pinned here; `undefined` where nothing can be pinned. */
    get pins() {
        const { pins } = this.state;
        if (pins && pins.key === this.pinKey && pins.read === this.props.record.data.pinned_events) {
            return pins.events;
        }
        return this.props.record?.data.pinned_events?.events;
    },

    get canPin() {
        return Boolean(this.pins && this.state.thread?.hasWriteAccess);
    },

    async setPin(messageId, isPinned) {
        const { record } = this.props;
        const key = this.pinKey;
        const read = record.data.pinned_events;
        const method = isPinned ? "action_pin_message" : "action_unpin_message";
        const { events } = await this.pinsOrm.call(record.resModel, method, [[record.resId], messageId]);
        this.state.pins = { key, read, events };
    },
});

const isPinned = (owner, message) =>
    Boolean(owner.env.inChatter?.getPins?.()?.some((event) => event.id === message.id && event.is_own));

registerMessageAction("construction-pin", {
    condition: ({ message, owner, thread }) =>
        Boolean(
            owner.env.inChatter?.getPins?.() &&
                thread?.hasWriteAccess &&
                message.thread?.eq(thread) &&
                message.message_type !== "user_notification" &&
                (!message.isEmpty || isPinned(owner, message))
        ),
    icon: "fa fa-thumb-tack",
    name: ({ message, owner }) => (isPinned(owner, message) ? _t("Unpin") : _t("Pin on Top")),
    onSelected: ({ message, owner }) => owner.env.inChatter.setPin(message.id, !isPinned(owner, message)),
    sequence: 25,
});
