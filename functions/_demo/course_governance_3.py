""" "AI Governance in Practice", last part: after the launch."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

LIVING_SYSTEMS: Final[Chapter] = Chapter(
    title="Living Systems",
    description="Measuring, responding, explaining and improving after launch.",
    lessons=(
        LessonItem(
            title="Monitoring After Launch",
            description="What to watch, how often, and which numbers deserve an alarm.",
            minutes=8,
            content="""
                    Approval is a photograph; operation is a film. Users change, data shifts,
                    suppliers update.

                    ## Watch three things

                    - **Input**: length, language, share of cases outside the intended scope.
                    - **Output**: distribution of labels, refusals, disagreement by reviewers.
                    - **Outcome**: complaints, appeals, corrections, and the result the system was
                      bought for.

                    Outcomes arrive late, so inputs and outputs serve as early warnings. Break each
                    down by the groups named in the assessment; a stable average may hide a group
                    that is losing.

                    ## Alarms with owners

                    An alarm needs a threshold, a person and an action. Five alarms that are
                    answered beat fifty that are muted. Rehearse one: feed in a strange batch and
                    see who calls whom.

                    ## The monthly half hour

                    Read ten random cases together. Numbers tell you that something moved; cases
                    tell you what. Note one thing to change and one thing to stop measuring.

                    ## A worked example

                    A complaint sorter ran well for a year. Then the share of "other" doubled within
                    a week. The model had not changed; a new product had launched, and its name was
                    unknown to the sorter. The alarm on the distribution of labels rang two weeks
                    before the first angry call. The repair took an hour: five new examples and a
                    label. Without the alarm, the team would have learned about it from a newspaper.

                    Choose such numbers before launch, while you still remember what worried you.
                    Afterwards it is tempting to watch what is easy to count. Keep the list short
                    enough to fit on one screen, and write next to each number what you would do if
                    it doubled. If nobody can answer, remove the number.
                """,
            questions=(
                Question(
                    "medium",
                    "Why break figures down by group?",
                    (
                        "A stable average can hide a losing group",
                        "It looks thorough",
                        "It lowers cost",
                    ),
                    right=0,
                    because="Differences cancel out in a mean.",
                ),
                Question(
                    "easy",
                    "What makes an alarm useful?",
                    ("Its colour", "A threshold, a person and an action", "Its frequency"),
                    right=1,
                    because="Without an owner and an action it is noise.",
                ),
            ),
        ),
        LessonItem(
            title="Responding to Incidents",
            description="Stop, help, understand, tell: in that order.",
            minutes=9,
            content="""
                    A chatbot promised a refund that does not exist. A ranking ignored an entire
                    province. What happens in the next hour depends on what was written the month
                    before.

                    ## Four steps

                    1. **Stop** the harm: pause, narrow the scope or fall back to a manual process.
                       The fallback must be rehearsed.
                    2. **Help** those affected before explaining yourself.
                    3. **Understand**: preserve logs, versions and prompts. Ask how it was possible
                       rather than who was careless.
                    4. **Tell**: the people affected, management, and the authority where law
                       requires it. Data breaches carry short statutory deadlines, so counsel joins
                       on day one.

                    ## Size does not decide

                    One person seriously harmed is an incident. So is a thousandfold nuisance.

                    ## Learning

                    Write a blameless review within ten days: timeline, contributing conditions,
                    what worked, what changes by when. Add the case to the test set. Publish an
                    internal summary; the next team is about to make the same mistake.

                    ## The first message

                    People who were affected deserve a message that a tired person can understand.
                    Say what happened, what it means for them, what you have already done, and what
                    they can do. Avoid "may have" when you know, and avoid certainty when you do
                    not. Give a name and a number that is answered. Do not ask for patience before
                    offering help.

                    Write a template for this message now, with blanks. During an incident, nobody
                    writes well; filling blanks is possible even at midnight. Have the template read
                    by somebody from customer service and somebody from legal, and let the first one
                    win arguments about tone.
                """,
            questions=(
                Question(
                    "easy",
                    "What comes directly after stopping the harm?",
                    ("A press release", "Helping those affected", "Finding the culprit"),
                    right=1,
                    because="People first, explanation afterwards.",
                ),
                Question(
                    "medium",
                    "Why preserve prompts and versions?",
                    (
                        "To reconstruct how it was possible",
                        "To bill the supplier",
                        "For decoration",
                    ),
                    right=0,
                    because="Without them the cause can only be guessed.",
                ),
            ),
        ),
        LessonItem(
            title="Explaining Decisions to People",
            description="An explanation is good when its reader can act on it.",
            minutes=8,
            content="""
                    "The algorithm decided" explains nothing. Neither does a list of four hundred
                    weights. People ask for an explanation because they want to do something:
                    correct, object, improve, or trust.

                    ## Three readers

                    - **The person affected** needs the main reasons, the data used, what would
                      change the result, and how to object.
                    - **The reviewer** needs to compare with similar cases.
                    - **The auditor** needs the record: version, input, rule, responsible person.

                    Write for one reader at a time.

                    ## Honest limits

                    Generated explanations of a model's output can be plausible and wrong. Prefer
                    reasons you can verify, such as a missing document or a rule in the policy. If
                    the true answer is that no one can say, consider whether such a system should
                    make this decision at all.

                    ## A test

                    Give the explanation to someone outside the team. Can they say what to do next?
                    If not, rewrite. Test it in Indonesian as well as English; a polite passive
                    voice easily hides who decided.

                    ## Two versions

                    *Version one:* "Your application was unsuccessful following automated assessment
                    against internal criteria." *Version two:* "We could not approve your
                    application because the income statement is older than three months. Send a
                    newer one by 30 June and we will look again within five days. If you think that
                    this is wrong, call Rina's team; a person will read your file."

                    The second is longer and costs more: somebody must know the reason, keep the
                    promise and answer the phone. That cost is the point. A system whose decisions
                    cannot be explained in this way is telling you something about where it may be
                    used.
                """,
            questions=(
                Question(
                    "easy",
                    "What is the mark of a good explanation?",
                    ("Its reader can act on it", "It lists all weights", "It is long"),
                    right=0,
                    because="People ask in order to correct, object or improve.",
                ),
                Question(
                    "hard",
                    "Why be careful with explanations generated by the model?",
                    ("They are too short", "They can be plausible and wrong", "They are illegal"),
                    right=1,
                    because="Verified reasons are safer than a fluent story.",
                ),
            ),
        ),
        LessonItem(
            title="A Ninety-Day Plan",
            description="From nothing to a working practice, one month at a time.",
            minutes=8,
            content="""
                    Governance fails by ambition. Begin with what one person can keep alive.

                    ## Month one: see

                    Make the inventory, name owners, mark the high tier. Announce the amnesty.
                    Publish a one-page rule for everyday use.

                    ## Month two: decide

                    Run two impact assessments on real high-tier systems. Record the decisions,
                    including one "not yet". Test one off switch in working hours, with notice.

                    ## Month three: live

                    Start the monthly half hour. Rehearse one incident. Add governance questions to
                    purchasing. Report to management on one page: what we run, what worries us, what
                    we stopped.

                    ## Signs that it works

                    People ask before buying. Someone has paused a system without being punished. An
                    appeal has changed a decision. The inventory contains a surprise. None of these
                    is a document.

                    Then repeat, a little better. The practice belongs to those who use it, so hand
                    over one ritual each quarter to somebody new.

                    ## What to leave out

                    Three tempting projects can wait. A perfect taxonomy of AI: the inventory
                    teaches you which words you need. A dashboard: a plain table read every month
                    beats charts that nobody opens. A training for everybody: begin with the ten
                    people who own systems, and let their questions write the course.

                    Protect the half hour in the calendar as you would a meeting with a customer.
                    Practices die quietly, by one cancelled meeting after another. If month two
                    slips, shorten the plan rather than the conversations: one honest assessment is
                    worth more than two that were filled in on a train.
                """,
            questions=(
                Question(
                    "easy",
                    "What belongs in the first month?",
                    ("A certification audit", "An inventory with owners", "A new model"),
                    right=1,
                    because="You cannot decide about what you have not seen.",
                ),
                Question(
                    "medium",
                    "Which sign shows that governance works?",
                    (
                        "An appeal changed a decision",
                        "The policy has forty pages",
                        "Nobody ever objects",
                    ),
                    right=0,
                    because="Changed decisions are evidence; documents are not.",
                ),
                Question(
                    "medium",
                    'Why record a "not yet"?',
                    (
                        "To fill the register",
                        "To annoy the builder",
                        "It shows that the gate can really hold something back",
                    ),
                    right=2,
                    because="A process that always approves has not been tested.",
                ),
            ),
        ),
    ),
)
